"""The CrossGuard pack: rules as pure functions over plain data, and the adapter that lets the engine run them.

`rules/` holds one rule a file, found by itself; `rule.py` says what a rule is; `crossguard.py` turns rules into
policies; `__main__.py` serves them. Rules know the catalogue and nothing else of this project.
"""
