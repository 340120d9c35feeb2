"""python -m asc_cld.fixlist"""

from asc_cld.fixlist import main

raise SystemExit(main())
