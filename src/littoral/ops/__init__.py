"""Operations: traces, counts, logs and health of the platform itself. See README.md."""
