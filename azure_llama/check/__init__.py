"""The program without an engine, the rules over what it asks for, and the reports."""
