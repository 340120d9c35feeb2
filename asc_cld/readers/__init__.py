"""What comes in from outside, read as text: extracts, CLD files, mappings, lists."""
