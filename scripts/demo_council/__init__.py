"""The invented council of the demo: its codes, its people's lives, its mess and its extracts."""
