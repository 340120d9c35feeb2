"""Python parts of the project: reading what SQL cannot read, writing files, reports."""
