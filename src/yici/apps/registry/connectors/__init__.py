"""Ways to ask somebody else's register: databases, REST, X-Road, delivered files; one small protocol for all."""
