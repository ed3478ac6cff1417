"""Terms of newsletters on data and software, which no dictionary has: right in French and in English."""

from __future__ import annotations

from newsletter_cli.check.texts.wording import word_set

TERMS = word_set(
    "autoscaling backend benchmarker codepoint config covid coworking datacenter datalab datascience datascientist "
    "datavisualisation dataviz debuguer devops finetuning géodata greylist greylisting hyperparameter intrapreneuriat "
    "lowcode mlops mockup mooc nocode offboarding opendata overfitting precompiled preheader "
    "pseudonymisation pseudonymiser refactorisation requêtage requêter screencast scrum serverless setuptools stderr "
    "stdin stdout surapprentissage unicode unsubscription visio webhook"
)
