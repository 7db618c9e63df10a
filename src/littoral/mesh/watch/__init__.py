"""Pages that are watched: looked at by schedule, compared, explained, told and handed on."""
