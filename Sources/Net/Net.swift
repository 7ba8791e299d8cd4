// Placeholder until the first service.
