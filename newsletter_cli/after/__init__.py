"""What comes back after a send: bounces, complaints, wishes to leave; and the endpoint that hears them."""
