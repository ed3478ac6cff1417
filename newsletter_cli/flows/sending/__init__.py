"""The send as a job: what is ready, what each reader gets, the dry run, the send, the report."""
