"""One rule a file: `serverless_region.py` holds `RULE`, whose id is `serverless-region`.

A new file here is a new rule: nothing else is edited. Beside it go its page, `docs/rules/<id>.md`, and its cases,
`tests/policies/rules/test_<file>.py`.
"""
