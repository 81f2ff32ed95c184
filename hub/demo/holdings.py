"""What Varnholm holds: eight datasets of three ministries, the Water Board and a company, each under its own law.

A place must be a real ISO 3166 code, so the fictional district borrows DE.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from catalog.datasets import BUDGETS, Budget, NewDataset
from catalog.vocabulary import Classification, Purpose


def _whole(classification: Classification) -> Budget:
    """Return the usual budget, with the ceiling the demo's owners confirmed: these datasets are a few pages each."""
    usual = BUDGETS[classification]
    return Budget(
        window_characters=usual.window_characters,
        lifetime_characters=usual.lifetime_characters,
        ceiling_share=Decimal(1),
    )


DATASETS: Final = (
    NewDataset(
        slug="harbour-notices",
        title="Harbour Notices",
        description="Rules, timetables, tide stations and history of the port.",
        owner="water-board",
        listed=True,
        classification=Classification.INTERNAL,
        store_in=["EU"],
        process_in=["EU"],
        access_from=["EU"],
        forbidden_legal_control=[],
        purposes=[Purpose.RESEARCH, Purpose.PRODUCT_DEVELOPMENT],
        budget=_whole(Classification.INTERNAL),
        sample_questions=[
            "How fast may boats go inside the breakwaters?",
            "Who designed the pilot tower?",
            "How long does the crossing to Grimsey Island take?",
        ],
    ),
    NewDataset(
        slug="dyke-inspections",
        title="Dyke Inspections",
        description="Inspection reports, maintenance plans and pump logs of the Water Board.",
        owner="water-board",
        listed=True,
        classification=Classification.RESTRICTED,
        store_in=["DE"],
        process_in=["DE"],
        access_from=["DE"],
        forbidden_legal_control=["US"],
        purposes=[Purpose.RESEARCH],
        budget=_whole(Classification.RESTRICTED),
        sample_questions=[
            "What caused the slip of the slope at Hollow Reach?",
            "How high is the dyke levy per hectare?",
            "Why did pump 2 stop on 4 January?",
        ],
    ),
    NewDataset(
        slug="clinic-registry",
        title="Clinic Registry",
        description="Clinics, admissions in heat, and the cold chain of vaccines.",
        owner="ministry-of-health",
        listed=False,
        classification=Classification.SECRET,
        store_in=["DE"],
        process_in=["DE"],
        access_from=["DE"],
        forbidden_legal_control=["US", "CN"],
        purposes=[Purpose.RESEARCH, Purpose.STATISTICS],
        budget=Budget(window_characters=30_000, lifetime_characters=200_000, ceiling_share=Decimal(1)),
        sample_questions=[
            "How many beds does the hospital St. Adalbert have?",
            "By how much did hospital admissions rise on hot days?",
        ],
    ),
    NewDataset(
        slug="water-quality",
        title="Water Quality",
        description="Bathing places, drinking water and wells, in German and English.",
        owner="water-board",
        listed=True,
        classification=Classification.INTERNAL,
        store_in=["DE"],
        process_in=["EU"],
        access_from=["EEA"],
        forbidden_legal_control=[],
        purposes=[Purpose.RESEARCH, Purpose.STATISTICS, Purpose.PRODUCT_DEVELOPMENT],
        budget=_whole(Classification.INTERNAL),
        sample_questions=[
            "Warum wurde die Badestelle am Muschelsand gesperrt?",
            "What does a cubic metre of drinking water cost?",
            "Wie tief ist der Brunnen Heidekopf 2?",
        ],
    ),
    NewDataset(
        slug="wind-farm-logs",
        title="Wind Farm Logs",
        description="Logs, contracts, studies and the handbook of the wind farm Kestrel Bank.",
        owner="heronwind",
        listed=True,
        classification=Classification.INTERNAL,
        store_in=["EU"],
        process_in=["EU"],
        access_from=["EU"],
        forbidden_legal_control=["CN"],
        purposes=[Purpose.RESEARCH, Purpose.PRODUCT_DEVELOPMENT],
        budget=_whole(Classification.INTERNAL),
        sample_questions=[
            "How much power may Heronwind feed into the grid?",
            "How many hours was the longest stop of turbine K-05?",
            "Ab welcher Windgeschwindigkeit darf niemand mehr in die Gondel?",
        ],
    ),
    NewDataset(
        slug="schulentwicklung",
        title="Schulentwicklung",
        description="Schulentwicklungsplan, Ganztag, Klassenfrequenzen und eine Umfrage unter Lehrkräften.",
        owner="ministry-of-education",
        listed=True,
        classification=Classification.RESTRICTED,
        store_in=["DE"],
        process_in=["DE"],
        access_from=["DE", "FR"],
        forbidden_legal_control=["US", "CN"],
        purposes=[Purpose.RESEARCH, Purpose.STATISTICS],
        budget=_whole(Classification.RESTRICTED),
        sample_questions=[
            "Wann öffnet die Grundschule in der Kranichwiese?",
            "Was erhält ein Träger je Kind und Schuljahr?",
            "How long is a teacher's week in term?",
        ],
    ),
    NewDataset(
        slug="katastrophenschutz",
        title="Katastrophenschutz",
        description="Alarmpläne, Räumung und Sirenen; nur für den Dienstgebrauch.",
        owner="ministry-of-the-interior",
        listed=False,
        classification=Classification.SECRET,
        store_in=["DE"],
        process_in=["DE"],
        access_from=["DE"],
        forbidden_legal_control=["US", "CN"],
        purposes=[Purpose.PUBLIC_SERVICE],
        budget=_whole(Classification.SECRET),
        sample_questions=["Wie viele Sirenen hat der Kreis?", "When is Grimsey Island evacuated?"],
    ),
    NewDataset(
        slug="varnholm-in-figures",
        title="Varnholm in Figures",
        description="The district in figures: people, work, energy, budget. Free for products and public tasks.",
        owner="ministry-of-the-interior",
        listed=True,
        classification=Classification.PUBLIC,
        store_in=["EU"],
        process_in=["EU"],
        access_from=["EEA"],
        forbidden_legal_control=[],
        purposes=[Purpose.PUBLIC_SERVICE, Purpose.PRODUCT_DEVELOPMENT],
        sample_questions=[
            "Which is the largest employer of the district?",
            "How many nights did visitors stay in 2025?",
            "Wie hoch ist die Kreisumlage?",
        ],
    ),
)
#: An invented word in every document of each dataset that is not public, and in no other dataset: where a person
#: without a grant meets it, something leaks.
CANARIES: Final[Mapping[str, str]] = {
    "harbour-notices": "Quaybrill",
    "dyke-inspections": "Dammerholt",
    "clinic-registry": "Heilvarn",
    "water-quality": "Klarwick",
    "wind-farm-logs": "Rotormere",
    "schulentwicklung": "Lernholm",
    "katastrophenschutz": "Alarmvik",
}
