"""The demo's story: two projects and what stands around them, told by the services, and a door to each role."""
