"""What every room stands on: errors, messages, files, strict readers, secrets, Git. Knows nothing of newsletters."""
