"""One rule a file: `serverless_region.py` holds `RULE`, whose id is `serverless-region`.

A new file here is a new rule: nothing else is edited. Beside it go its cases, `tests/policies/rules/test_<file>.py`;
`python -m policies.pages` writes its page, `docs/rules/<id>.md`.
"""
