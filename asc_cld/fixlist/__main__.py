"""python -m asc_cld.fixlist"""

from asc_cld.fixlist import main

if __name__ == "__main__":
    raise SystemExit(main())
