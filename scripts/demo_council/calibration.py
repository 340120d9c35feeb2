"""The numbers that make the invented council resemble a real one, and its calendar."""

from datetime import date

HISTORY_START = date(2023, 4, 1).toordinal()
DAYS_AFTER_PERIOD = 14  # the extracts reach this far beyond the period: sequels of its last week
FAR = date(9000, 1, 1).toordinal()
YEAR = 365.25
APRILS = {year: date(year, 4, 1).toordinal() for year in range(1990, 2041)}


def odds(**weights):
    """A table of running shares and values, for pick()."""
    total, running, table = float(sum(weights.values())), 0.0, []
    for value, weight in weights.items():
        running += weight
        table.append((running / total, value))
    return table


# --- Calibration. Volumes are per person on file. With this many over three and a half years about 5,100 have long
# term support in a year, and DHSC would compute near its own figures for Sandwell to March 2026: 4,005 people with
# long term support on the last day, 5,225 assessments of people without it in the 12 months before.
PEOPLE_ON_FILE_OF_SANDWELL = 35_700
CASE_KINDS = odds(
    stock_community_young=3.55,
    stock_care_young=0.8,
    stock_community_old=4.6,
    stock_care_old=2.9,
    transition=0.55,
    arrival_young=26.5,
    arrival_old=59.5,
)
FURTHER_REQUEST = 0.42  # chance that somebody who got no long term support asks again
DAYS_TO_FURTHER_REQUEST = 260
# Leaving a state: share a year, by age band (young = 18 to 64).
LEAVE = {
    ("community", "old"): {"death": 0.19, "care": 0.12, "end": 0.30},
    ("community", "young"): {"death": 0.02, "care": 0.009, "end": 0.10},
    ("care", "old"): {"death": 0.36, "end": 0.03},
    ("care", "young"): {"death": 0.04, "community": 0.05, "end": 0.015},
}
DEATHS_WITHOUT_SUPPORT = {"old": 0.07, "young": 0.008}
REQUEST_OUTCOMES = {
    "old": odds(
        IAG=16, SIGN=9, OTH=6, NOS=8, DECL=5, NHS=4, LAO=4, SF=4, REFO=2, HOSP=1.5, RBL=27, ASS=20, SVC=0.5
    ),
    "young": odds(
        IAG=21, SIGN=14, OTH=9, NOS=11, DECL=6, NHS=4, LAO=7, OLA=1, REFO=2, RBL=4.5, ASS=20, SVC=0.5
    ),
}
# Sequels of short term support to maximise independence: 56 in 100 of those that count have none.
ST_MAX_SEQUELS = odds(
    GOAL=31,
    COMP=5,
    SIGN=2,
    low_level=11,
    community=31,
    care=4.5,
    short_stay=2.2,
    DECL=4,
    HOSP=6,
    DEC=3,
    CHC=1,
)
ASSESSMENT_TYPES = odds(CANA=46, OTA=26, PROPA=18, SENSA=4, TECA=6)
LONG_TERM_AFTER_ASSESSMENT = {"old": 0.54, "young": 0.30}
CARE_HOME_FIRST = {"old": 0.40, "young": 0.13}
DIRECT_PAYMENT = 0.155
SUPPORT_REASONS = {
    "old": odds(PSPC=56, PSAM=14, MCOG=16, MH=4, MHNHS=2, SSVI=2, SSHI=1, SSDI=1, SSI=3, LD=1),
    "young": odds(PSPC=22, PSAM=14, LD=14, MH=22, MHNHS=8, SSVI=3, SSHI=2, SSM=4, SAS=1, SSI=10),
    "young_long_term": odds(LD=50, PSPC=22, PSAM=4, MH=13, MHNHS=6, SSVI=1, SSI=3, SSM=1),
}
CARER_CHANCE = {"long_term": 0.60, "other": 0.045}
CARES_FOR_TWO = 0.05
CARER_HAS_EVENTS = 0.75
CARER_ASKS_AGAIN = 0.75
CARER_WITH_OWN_SUPPORT = 0.05  # somebody with long term support of their own looks after the client
ETHNIC_GROUPS = (  # age at the start of history, from the oldest
    (81, odds(white=95, asian=3, black=1.7, other=0.8)),
    (58, odds(white=82, asian=11, black=5.5, other=1.5)),
    (0, odds(white=56, asian=27, black=10, other=7)),
)
ETHNIC_CODES = {
    "white": odds(A1=84, A1E=6, A1W=1, WBRI=3, A2=2.5, A9=2, A9P=1.2, A3=0.2, A4=0.1),
    "asian": odds(C1=40, C1S=22, C2=24, C3=8, C4=1, C9=5),
    "black": odds(D1=62, D2=28, D9=10),
    "other": odds(B1=34, B3=16, B9=8, B2=3, E1=4, E2=10, E9=8, REF=4, NK=10, NS=3),
}
# element -> (price in 2023-24, unit, kind of provider). Uplifts bring home care to about 24 pounds
# an hour and care homes to about 1,000 pounds a week in 2025-26.
PRICES = {
    "HC": (20.4, "HR", "home"),
    "HC2": (20.4, "HR", "home"),
    "HCN": (19.1, "HR", "home"),
    "DOMC": (18.9, "ZHR", "home"),
    "XC": (19.8, "HR", "living"),
    "SLH": (19.2, "HR", "living"),
    "SLO": (21.3, "HR", "living"),
    "SHL": (415, "WK", "other"),
    "DC": (54, "DAY", "day"),
    "DOP": (38, "SES", "day"),
    "MEAL": (5.4, "VIS", "other"),
    "TRAN": (11.2, "VIS", "other"),
    "EMPS": (42, "SES", "day"),
    "DPP": (265, "WK", None),
    "DPA": (1180, "4W", None),
    "RES": (705, "WK", "res"),
    "RESD": (765, "WK", "res"),
    "NUR": (860, "WK", "nur"),
    "NURD": (905, "WK", "nur"),
    "PRC": (22, "HR", "home"),
    "RBH": (37.5, "HR", "home"),
    "RBB": (935, "WK", "res"),
    "TEC": (4.6, "WK", "other"),
    "EQ": (96, "OO", "other"),
    "ADP": (340, "OO", "other"),
    "SENR": (41, "HR", "other"),
    "EMG": (27, "HR", "home"),
    "SIT": (19.5, "HR", "other"),
    "CUN": (0, "FREE", "other"),
    "CBR": (310, "OO", "other"),
    "DPC": (480, "YR", None),
    "DPO": (300, "OO", None),
    "COT": (60, "OO", "other"),
    "SWS": (0, "FREE", None),
    "EOL": (23.5, "HR", "home"),
}
UPLIFT = {2023: 1.0, 2024: 1.075, 2025: 1.135, 2026: 1.185, 2027: 1.23}
ROLLED_OVER = 0.12  # share of packages whose finance system makes a new line each April
PROVIDER_CHANGE = 0.07  # a year
HOURS_CHANGE = 0.16  # a year, home care and the like
HOUR_ELEMENTS = ("HC", "HC2", "HCN", "DOMC", "XC", "SLH", "SLO", "SIT")


def fiscal_year(day):
    moment = date.fromordinal(day)
    return moment.year if moment.month >= 4 else moment.year - 1


def price_in(base, factor, year):
    known = min(max(year, 2020), 2027)
    uplift = UPLIFT[known] if known >= 2023 else 1 - 0.045 * (2023 - known)
    return round(base * factor * uplift, 2)
