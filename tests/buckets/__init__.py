"""Buckets: a real S3 server on this machine, and services that do not answer as one."""
