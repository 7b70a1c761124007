"""One rule a file: `serverless_region.py` holds `RULE`, whose id is `serverless-region`.

CONTRIBUTING.md, "Add a rule", has the steps: this file, its cases in `tests/policies/rules`, a broken stack, and
`make generate` for everything else.
"""
