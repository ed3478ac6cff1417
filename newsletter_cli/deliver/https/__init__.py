"""Mail services that take messages over HTTPS, for whose network lets no SMTP out."""
