# ruff: noqa: RUF001  # other scripts have letters that look like ours

import pytest

from ingest.language import CONFIGURATIONS, SIMPLE, text_search_configuration
from tests.fixtures.postgres import ClusterDatabase

SENTENCES = {
    "english": "The ministry publishes the results of the inspection every year and informs the public about it.",
    "german": "Das Ministerium veröffentlicht die Ergebnisse der Prüfung jedes Jahr und informiert die Öffentlichkeit.",
    "french": "Le ministère publie chaque année les résultats de l'inspection et en informe le public concerné.",
    "spanish": "El ministerio publica cada año los resultados de la inspección e informa de ellos al público.",
    "russian": "Министерство ежегодно публикует результаты проверки и сообщает о них заинтересованной общественности.",
    "greek": "Το υπουργείο δημοσιεύει κάθε χρόνο τα αποτελέσματα της επιθεώρησης και ενημερώνει το κοινό.",
    "hindi": "मंत्रालय हर वर्ष निरीक्षण के परिणाम प्रकाशित करता है और जनता को इसकी जानकारी देता है।",
}


@pytest.mark.parametrize(("configuration", "sentence"), SENTENCES.items())
def test_a_language_gets_its_configuration(configuration: str, sentence: str) -> None:
    assert text_search_configuration(sentence) == configuration


@pytest.mark.parametrize("text", ["", "12 34 56", "OK", "几乎所有栉水母都是食肉动物，捕食范围从微小的幼虫到轮虫。" * 5])
def test_short_texts_and_languages_without_a_stemmer_are_simple(text: str) -> None:
    assert text_search_configuration(text) == SIMPLE


def test_the_same_text_always_gets_the_same_answer() -> None:
    mixed = "The ministry publishes. Das Ministerium veröffentlicht. Le ministère publie les résultats chaque année."
    assert len({text_search_configuration(mixed) for _ in range(20)}) == 1


def test_postgres_knows_every_configuration(cluster_database: ClusterDatabase) -> None:
    with cluster_database.connect() as connection:
        rows = connection.execute("SELECT cfgname FROM pg_ts_config").fetchall()
    assert {SIMPLE, *CONFIGURATIONS.values()} <= {name for (name,) in rows}
