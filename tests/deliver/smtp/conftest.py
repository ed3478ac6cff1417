"""What the tests of SMTP share."""

from __future__ import annotations

import pytest

from tests.deliver.smtp.certificates import Authority, make_authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))
