"""Teams, providers, names and local codes of the invented council."""

import csv
from pathlib import Path

# What users of the case system see; the mapping seeds say what each code means in CLD.
with open(Path(__file__).with_name("local_codes.csv"), encoding="utf-8", newline="") as _file:
    LOCAL_CODES = list(csv.DictReader(_file))

# team -> (name, service area)
TEAMS = {
    "T01": ("Adult Front Door", "Access"),
    "T02": ("Hospital Discharge Hub", "Access"),
    "T03": ("Reablement", "Short term support"),
    "T04": ("Oldbury and Tipton Neighbourhood", "Adult social work"),
    "T05": ("Smethwick Neighbourhood", "Adult social work"),
    "T06": ("West Bromwich Neighbourhood", "Adult social work"),
    "T07": ("Learning Disability", "Adult social work"),
    "T08": ("Community Mental Health", "Adult social work"),
    "T09": ("Preparing for Adulthood", "Adult social work"),
    "T10": ("Occupational Therapy and Sensory", "Prevention"),
    "T11": ("Carers", "Prevention"),
    "T12": ("Reviews", "Adult social work"),
    "T13": ("Safeguarding and DoLS", "Adult social work"),
    "T14": ("Zoë’s Place Liaison", "Adult social work"),
}
NEIGHBOURHOOD_TEAMS = ("T04", "T05", "T06")

# kind of provider -> how many, words of the name; the register knows care homes and home care.
PROVIDER_KINDS = {
    "home": (14, ("Homecare", "Care at Home", "Domiciliary Care")),
    "res": (16, ("House", "Lodge", "Court")),
    "nur": (9, ("Nursing Home", "Grange", "Manor Nursing")),
    "living": (8, ("Supported Living", "Living Well", "Pathways")),
    "day": (6, ("Day Centre", "Hub", "Workshop")),
    "other": (6, ("Services", "Trust", "Equipment Store")),
}
REGULATED_KINDS = ("home", "res", "nur", "living")
PROVIDER_WORDS = """
    Amblewick Brindlecote Copperleaf Dunmarrow Elmhollow Fernwyke Gorseley Hazelbrow Inglefold
    Juniperholt Kestrelmoor Larkhollow Mossgarth Nettlefold Oakenshade Pebblecroft Quillbank
    Rowanthorpe Sallowfield Thistlewick Umberley Vetchwood Willowmarsh Yarrowdene
""".split()
# Names with letters outside ASCII: they show whether the encoding of the extract was read rightly.
ACCENTED_PROVIDERS = {"res": "Résidence Sainte-Agnès", "day": "Café Señora Day Centre"}
PRACTICE_WORDS = """
    Anvil Bargegate Crucible Damson Emberley Foundry Glasshouse Hopyard Ironrow Jubilee Kiln
    Locksmith Maltings Navigation Oldmere Quayside
""".split()

POSTCODE_AREAS = ("B65", "B66", "B67", "B68", "B69", "B70", "B71", "DY4", "WS10")
# Inward codes that start with 0Z or 9Z are hardly used: plausible to a validator, no real street.
POSTCODE_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"

MALE_NAMES = """
    Alwin Barnaby Cedric Desmond Edgar Fergus Godfrey Horace Ivor Jasper Kelvin Lionel Merrick
    Norris Osbert Percival Quentin Rufus Selwyn Tobias Arjan Baldev Davinder Gurmeet Harjit Imran
    Jagdish Karim Lakhbir Mohan Nadeem Parvez Delroy Everton Leroy Winston Kwame Tariq Yusuf Marek
""".split()
FEMALE_NAMES = """
    Agnes Beryl Clarice Dilys Edith Freda Gwenda Hilda Iris Joyce Kathleen Lilian Mavis Nora Olive
    Phyllis Queenie Rhoda Sybil Thelma Amarjit Balbir Daljit Farzana Gita Harpreet Indira Jasvinder
    Kulwant Lata Manjit Nasreen Claudette Delphine Hyacinth Merlene Abena Samira Yasmin Zofia
""".split()
SURNAMES = """
    Ashgrove Bexcombe Cradlewick Dunsmore-Vale Eddlestow Fenwicke-Hart Gallowby Hartlebrook
    Inkersley Jessamine Kettlewick Lamplough-Dene Mardlestone Nightingly Oxterby Pennywhistle
    Quarrington Rushbeck Snowdrift Tanglewood Underbank Vinterley Wychbold-Lea Yardlington Zealby
    Applewhist Brackenhurst Coalbourne Dovetree Elderflow Foxearth Glimmerton Hollybrace Ivywell
    Jackdaw Knotweed Lockgate Millrace Nailmaker Ovenden-Croft Puddler Quillfeather Rivetson
    Saltwharf Tollhouse Umberslade Vatcher Wharfside Yewbarrow Chainforge Daranjeet Sundarwal
    Khushdil Noorwala Patharia Roshanpur Bahadurwal Mirzapure Jamroot Palmgrove Sugarhill Kofiwell
    Lisnagree O'Tarrow Kowalek-Bryn Dombrovia
""".split()
# Forenames and surnames suit the ethnic group only roughly: (first, last) places in the lists.
NAME_RANGES = {
    "white": ((0, 20), (0, 50)),
    "asian": ((20, 32), (50, 58)),
    "black": ((32, 37), (58, 62)),
    "other": ((34, 40), (62, 66)),
}
