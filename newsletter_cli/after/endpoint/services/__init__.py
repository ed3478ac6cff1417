"""What mail services tell of bounces and complaints, one module a service: pure, from their JSON to what it says."""
