"""What every agent of the mesh is made of: messages, numbered events, and the engine."""
