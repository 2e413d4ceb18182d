"""Files fill the register: seen first, all or nothing, row by row, nothing deleted."""

import json
import tracemalloc
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from jalon.core.refusals import Refused
from jalon.demo.ground import FILES, FOLDER
from jalon.journal.models import Entry
from jalon.places.actions import import_places
from jalon.places.management.commands.places import as_lines
from jalon.places.models import Address, Body, Import, Municipality, PoliceService, Region, School, Serves, Shape
from jalon.places.queries import schools_found_by, served_by
from tests.factories import MONDAY, BodyFactory, MunicipalityFactory, SchoolFactory, ServesFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
SCHOOLS = "code;name;body_code;body_name;street;municipality_code;from;until\n"


@pytest.fixture
def load(tmp_path):
    def load(kind, text, *, name="file.csv", encoding="utf-8", **given):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return import_places(kind=kind, path=path, on=given.pop("on", TODAY), at=MONDAY, **{"commit": True, **given})

    return load


def problems(report):
    return [(one.line, one.column, one.refusal.code) for one in report.problems]


@pytest.fixture
def province():
    for kind, name in FILES.items():
        report = import_places(kind=kind, path=FOLDER / name, on=TODAY, at=MONDAY, commit=True)
        assert (report.problems, report.is_written) == ((), True)


class TestTheFictionalProvince:
    def test_has_its_bodies_schools_services_and_municipalities(self, province):
        counts = [model.objects.count() for model in (Region, Municipality, Body, Shape, PoliceService, School, Import)]
        assert counts == [3, 12, 3, 3, 6, 25, 4]

    @pytest.mark.parametrize(
        ("code", "on", "police"),
        [
            ("991005", date(2025, 8, 24), "demo-coast"),
            ("991005", date(2025, 8, 25), "demo-river"),
            ("992005", date(2025, 6, 30), "demo-coast"),
            ("992005", date(2025, 7, 1), "demo-river"),
        ],
        ids=["before the school moved", "since it moved", "before the town changed service", "since it changed"],
    )
    def test_has_a_school_that_moved_and_a_town_that_changed_service(self, province, code, on, police):
        assert served_by(School.objects.get(code=code), on=on).police_service.code == police

    def test_imported_again_changes_nothing(self, province):
        for kind, name in FILES.items():
            report = import_places(kind=kind, path=FOLDER / name, on=TODAY, at=MONDAY, commit=True)
            assert (report.differences, report.problems, report.absent) == ((), (), ())

    def test_is_found_by_the_town(self, province):
        assert len(schools_found_by("riviere jalons", on=TODAY)) == 3


class TestALineWithAnEndAndNoStart:
    @pytest.mark.parametrize("commit", [False, True])
    def test_that_ends_before_the_day_of_the_import_is_a_problem_of_the_line(self, load, commit):
        town = MunicipalityFactory()
        text = f"code;name;municipality;until\nautre;Autre;{town.code};2020-01-01\n"
        report = load("police", text, commit=commit)
        assert problems(report) == [(2, "until", "period-reversed")]
        assert not Serves.objects.exists()


class TestARehearsal:
    def test_says_everything_and_changes_nothing(self, load):
        report = load("municipalities", "code;name\n01023;Îles\n", commit=False)
        assert (report.added, report.is_written, Municipality.objects.count(), Import.objects.count()) == (
            1,
            False,
            0,
            0,
        )
        (difference,) = report.differences
        assert (difference.line, difference.code, difference.fields) == (2, "01023", {"name": ("", "Îles")})


class TestAFileWithAProblem:
    @pytest.mark.parametrize(
        ("kind", "text", "told"),
        [
            ("municipalities", "code;name\n123;A\n01023;B\n", [(2, "code", "code-malformed")]),
            ("municipalities", "code;name\n01023;A\n01023;B\n", [(3, "code", "row-doubled")]),
            ("municipalities", "code;name\n01023;=A1\n", [(2, "name", "cell-formula")]),
            ("municipalities", "code;name\n01023;\n", [(2, "name", "cell-missing")]),
            ("municipalities", f"code;name\n01023;{'x' * 151}\n", [(2, "name", "cell-too-long")]),
            ("bodies", "code;name;kind\n991000;A;CLUB\n", [(2, "kind", "kind-unknown")]),
            ("police", "code;name;municipality\np;P;99999\n", [(2, "municipality", "municipality-unknown")]),
            (
                "police",
                "code;name;municipality;from;until\np;P;00001;2025-07-01;01/07/2024\nq;Q;00001;32/01/2025;\n",
                [(2, "until", "period-reversed"), (3, "from", "day-malformed")],
            ),
            (
                "police",
                "code;name;municipality;from;until\np;P;00001;2020-07-01;2025-07-01\nq;Q;00001;2024-07-01;\n",
                [(2, "from", "period-overlap")],
            ),
            ("schools", f"{SCHOOLS}991001;A;991000;;x;00001;;\n", [(2, "body", "body-unknown")]),
            ("schools", f"{SCHOOLS}991001;A;991000;B;x;00002;;\n", [(2, "municipality", "municipality-unknown")]),
        ],
    )
    def test_changes_nothing_and_names_the_line_and_the_column(self, load, kind, text, told):
        MunicipalityFactory(code="00001")
        report = load(kind, text)
        assert (problems(report), report.is_written) == (told, False)
        assert (School.objects.count(), PoliceService.objects.count(), Import.objects.count()) == (0, 0, 0)

    def test_without_a_needed_column_is_refused(self, load):
        with pytest.raises(Refused, match="table-columns-missing") as refused:
            load("schools", "code;nom organisme\n1;2\n")
        assert refused.value.refusal.facts == {"columns": "name"}


class TestDays:
    def test_are_read_three_ways_and_counted(self, load):
        for code in ("00001", "00002", "00003"):
            MunicipalityFactory(code=code)
        text = "code;name;municipality;from\np;P;00001;2025-07-01\np;P;00002;01/07/2025\np;P;00003;45839\n"
        report = load("police", text)
        assert report.days == {"2025-03-21": 1, "21/03/2025": 1, "Excel": 1}
        assert set(Serves.objects.values_list("starts_on", flat=True)) == {date(2025, 7, 1)}


class TestADifference:
    def test_tells_each_field_before_and_after(self, load):
        MunicipalityFactory(code="00001", name="Avant")
        report = load("municipalities", "code;name\n1;Après\n".replace("1;", "0001;"))
        assert [one.fields for one in report.differences] == [{"name": ("Avant", "Après")}]
        assert Municipality.objects.get(code="00001").name == "Après"

    def test_of_a_move_keeps_the_former_address(self, load):
        school = SchoolFactory(code="991001", name="A", body=BodyFactory(code="991000"), town="Avant")
        new = MunicipalityFactory(code="00009", name="Après")
        load("schools", f"{SCHOOLS}991001;A;991000;;2, rue B;00009;2026-01-05;\n")
        periods = [(one.municipality.name, one.starts_on, one.ends_on) for one in school.addresses.all()]
        assert periods == [("Avant", date(2019, 7, 1), date(2026, 1, 5)), ("Après", date(2026, 1, 5), None)]
        assert [one.town for one in schools_found_by(new.name, on=TODAY)] == ["Après"]

    def test_without_a_day_counts_from_the_day_of_the_import(self, load):
        before = ServesFactory(municipality__code="00001")
        load("police", "code;name;municipality\nq;Q;00001\n")
        before.refresh_from_db()
        assert before.ends_on == TODAY

    def test_of_a_file_that_says_the_same_is_none(self, load):
        service = ServesFactory(municipality__code="00001", police_service__contact="")
        police = service.police_service
        report = load("police", f"code;name;municipality\n{police.code};{police.name};00001\n")
        assert (report.differences, report.unchanged) == ((), 1)


class TestWhatAFileDoesNotName:
    def test_is_told_and_kept(self, load):
        SchoolFactory(code="991009")
        town = MunicipalityFactory(code="00007")
        report = load("schools", f"{SCHOOLS}991001;A;991000;B;x;{town.code};;\n")
        assert (report.absent, School.objects.get(code="991009").closed_on) == (("991009",), None)

    def test_is_closed_on_the_day_that_is_asked_for(self, load):
        gone = SchoolFactory(code="991009")
        town = MunicipalityFactory(code="00007")
        report = load("schools", f"{SCHOOLS}991001;A;991000;B;x;{town.code};;\n", retire_on=date(2026, 7, 1))
        gone.refresh_from_db()
        assert (report.retired, gone.closed_on, gone.addresses.get().ends_on) == (1, date(2026, 7, 1), date(2026, 7, 1))

    def test_is_never_closed_among_municipalities(self, load):
        with pytest.raises(Refused, match="retirement-unavailable"):
            load("municipalities", "code;name\n01023;A\n", retire_on=TODAY)


class TestOtherFormats:
    def test_of_the_ministry_are_read_by_their_names(self, load):
        MunicipalityFactory(code="00001")
        properties = {
            "CD_ORGNS": "991001", "NOM_OFFCL_ORGNS": "École A", "CD_CS": "991000", "NOM_CS": "CSS fictif",
            "ADRS_GEO_L1_GDUNO_ORGNS": "1, rue A", "CD_POSTL_GDUNO_ORGNS": "H0H0H0",
            "CD_MUNCP_GDUNO_ORGNS": "00001", "SEC": 1,
        }  # fmt: skip
        feature = {"type": "Feature", "properties": properties, "geometry": None}
        text = json.dumps({"type": "FeatureCollection", "features": [feature, feature]})
        report = load("schools", text, name="x.geojson")
        assert (report.form, report.problems, report.ignored) == ("geojson", (), ("SEC",))
        assert str(Address.objects.get().municipality) == "00001"

    def test_of_a_body_draw_it_on_the_map_and_tell_when_it_changed(self, load):
        def body(*ring):
            geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
            properties = {"code": "991000", "name": "CSS fictif"}
            feature = {"type": "Feature", "properties": properties, "geometry": geometry}
            text = json.dumps({"type": "FeatureCollection", "features": [feature]})
            return [list(load("bodies", text, name="x.geojson").differences) for _ in range(2)]

        (first, again), (changed, no_more) = body([0, 0], [1, 0], [1, 1]), body([0, 0], [2, 0], [2, 2], [0, 2])
        assert ([one.table for one in first], again, no_more) == (["body"], [], [])
        assert [(one.table, dict(one.fields)) for one in changed] == [("shape", {"outline": ("4 points", "5 points")})]

    def test_of_a_private_network_make_the_school_its_own_body(self, load):
        report = load("schools", "CD_ORGNS;NOM_OFFCL;RESEAU\n993001;Collège A;Privé\n")
        assert (report.problems, Body.objects.get().kind) == ((), "PRIVATE")

    @pytest.mark.parametrize(
        "text",
        [
            "sourcedId,name,type,parentSourcedId\n991001,A,School,d1\n991000,CSS,District,\n".replace("d1", "991000"),
            "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n"
            "o1,active,,A,school,991001,o2\no2,active,,CSS,district,991000,\no3,tobedeleted,,B,school,991002,o2\n",
        ],
        ids=["School Data Sync v2.1", "OneRoster 1.2"],
    )
    def test_of_school_rosters_give_schools_with_their_bodies(self, load, text):
        report = load("schools", text, name="orgs.csv")
        assert (report.problems, str(School.objects.get().body), Address.objects.count()) == ((), "991000", 0)

    def test_of_windows_say_their_encoding(self, load):
        report = load("municipalities", "code;name\n01023;Îles-de-l’Été\n", encoding="cp1252")
        assert (report.encoding, Municipality.objects.get().name) == ("Windows-1252", "Îles-de-l’Été")


class TestAFileAboutThePast:
    def test_is_told_apart_from_one_that_speaks_of_today(self, load):
        ServesFactory(municipality__code="00001", starts_on=date(2019, 7, 1))
        now = load("police", "code;name;municipality;from\nq;Q;00001;2026-03-02\n", commit=False)
        before = load("police", "code;name;municipality;from\nq;Q;00001;2025-09-01\n", commit=False)
        assert [[one.is_past for one in report.differences if not one.is_new] for report in (now, before)] == [
            [False],
            [True],
        ]
        assert "CHANGES THE PAST" in "\n".join(as_lines(before, commit=False))
        assert "PAST" not in "\n".join(as_lines(now, commit=False))

    def test_leaves_what_was_known_with_the_import(self, load):
        before = ServesFactory(municipality__code="00001", starts_on=date(2019, 7, 1)).police_service
        load("police", "code;name;municipality;from\nq;Q;00001;2025-09-01\n")
        (changed,) = [one for one in Import.objects.get().differences if one["is_past"]]
        assert changed["fields"]["from 2019-07-01"] == [str(before), f"{before} until 2025-09-01"]


class TestTheCommand:
    def test_rehearses_then_commits(self, capsys):
        path = str(FOLDER / FILES["municipalities"])
        call_command("places", "import", "municipalities", path)
        assert "Nothing was changed; add --commit" in capsys.readouterr().out
        call_command("places", "import", "municipalities", path, "--commit", "--json")
        assert json.loads(capsys.readouterr().out)["added"] == 15
        assert Entry.objects.get(verb="places.imported").facts["added"] == 15

    def test_ends_with_1_and_every_problem_in_words(self, tmp_path, capsys):
        path = tmp_path / "x.csv"
        path.write_text("code;name\n12;A\n")
        with pytest.raises(CommandError, match="1 problem") as stopped:
            call_command("places", "import", "municipalities", str(path), "--commit", "--language", "en")
        assert stopped.value.returncode == 1
        assert "line 2, code, « 12 »: A code of 5 digits is expected" in capsys.readouterr().out

    def test_names_the_first_thousand_problems_and_counts_the_others(self, tmp_path, capsys):
        path = tmp_path / "x.csv"
        path.write_text("code;name\n" + "12;A\n" * 1_003)
        with pytest.raises(CommandError, match="1003 problem"):
            call_command("places", "import", "municipalities", str(path))
        told = capsys.readouterr().out
        assert told.count("« 12 »") == 1_000
        assert "… and 3 more problems, counted and not named" in told

    def test_holds_every_problem_as_json(self, tmp_path, capsys):
        path = tmp_path / "x.csv"
        path.write_text("code;name\n" + "12;A\n" * 1_003)
        with pytest.raises(CommandError):
            call_command("places", "import", "municipalities", str(path), "--json")
        assert len(json.loads(capsys.readouterr().out)["problems"]) == 1_003


class TestAHundredThousandLines:
    def test_are_told_row_by_row_within_little_memory(self, tmp_path):
        path = tmp_path / "large.csv"
        path.write_text("code;name\n" + "".join(f"{number:05};Ville {number}\n" for number in range(100_000)))
        tracemalloc.start()
        report = import_places(kind="municipalities", path=path, on=TODAY, at=MONDAY)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert (report.lines, report.added, report.problems) == (100_000, 100_000, ())
        assert peak < 400 * 1024 * 1024
