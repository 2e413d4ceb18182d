from datetime import UTC, date, datetime

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.template import Context, Template
from django.utils.translation import override

from jalon.web.fields import Hinted

AFTERNOON = datetime(2025, 3, 21, 19, 19, tzinfo=UTC)


def drawn(source, **context):
    with override(context.pop("language", "en-ca")):
        return BeautifulSoup(Template(source).render(Context(context)), "html.parser")


def said(element):
    return " ".join(element.get_text(" ", strip=True).split())


class SampleForm(forms.Form):
    name = forms.CharField(help_text="With its accents.")
    level = forms.ChoiceField(
        widget=forms.RadioSelect, choices=lambda: [("1", Hinted("Explorer", "3 h")), ("2", "Last")]
    )
    steps = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, choices=[("a", "A"), ("b", "B")])
    text = forms.CharField(widget=forms.Textarea, initial="Deux mots")
    agreed = forms.BooleanField()
    school = forms.ChoiceField(choices=[("s", "School")])
    secret = forms.CharField(widget=forms.HiddenInput, initial="x")


class QuestionsForm(forms.Form):
    first = forms.CharField(label="1. Why?", error_messages={"required": "Question 1 has no answer yet."})
    second = forms.CharField(label="Or a file")

    def clean_second(self):
        raise forms.ValidationError("This file is too large.")


class TestText:
    def test_in_french_takes_quebec_spacing_and_stays_escaped(self):
        page = drawn("{{ text|quebec }}", language="fr-ca", text="Quoi ? <b>")
        assert page.decode(formatter="minimal") == "Quoi? &lt;b&gt;"

    def test_in_english_is_left_alone(self):
        assert drawn("{{ text|quebec }}", text="What : <b>").get_text() == "What : <b>"

    @pytest.mark.parametrize(
        ("moment", "said"), [(date(2025, 3, 21), "21 mars 2025"), (AFTERNOON, "21 mars 2025, 15 h 19")]
    )
    def test_of_a_moment_can_be_read_by_machines_too(self, moment, said):
        time = drawn("{% when at %}", language="fr-ca", at=moment).time
        assert time.get_text().replace("\xa0", " ") == said
        assert time["datetime"] == moment.isoformat()

    @pytest.mark.parametrize("filter_", ["day", "clock", "moment"])
    def test_of_no_moment_is_empty(self, filter_):
        assert drawn(f"{{{{ at|{filter_} }}}}", at=None).get_text() == ""

    def test_of_two_languages_is_the_one_of_the_page(self):
        assert drawn("{{ title|text }}", title={"fr": "Explorateur", "en": "Explorer"}).get_text() == "Explorer"


class TestEveryBlock:
    HOSTILE = '<script>alert("x")</script>'
    SOURCES = (
        "{% page_header bad kicker=bad lead=bad %}",
        "{% back_link bad bad %}",
        "{% tag bad %}",
        "{% progress 1 2 bad %}",
        "{% button bad name=bad value=bad icon='check' %}",
        "{% button_link bad bad %}",
        "{% notice 'info' bad %}{{ bad }}{% endnotice %}",
        "{% card bad url=bad kicker=bad %}{{ bad }}{% endcard %}",
        "{% fold bad %}{{ bad }}{% endfold %}",
        "{% do_list bad %}{{ bad }}{% enddo_list %}",
        "{% task bad url=bad status=bad %}{{ bad }}{% endtask %}",
        "{% summary_row bad change=bad change_label=bad %}{{ bad }}{% endsummary_row %}",
        "{% event bad %}{{ bad }}{% endevent %}",
        "{% data_table bad headers rows %}",
        "{% answer bad is_right=True is_chosen=True %}{{ bad }}{% endanswer %}",
        "{% search_box bad bad bad %}",
        "<form {% autosave bad bad 1 %}></form>",
    )

    @pytest.mark.parametrize("source", SOURCES, ids=[source.split()[1] for source in SOURCES])
    def test_escapes_what_it_is_given(self, source):
        page = drawn(source, bad=self.HOSTILE, headers=[self.HOSTILE, "b"], rows=[[self.HOSTILE, self.HOSTILE]])
        assert page.script is None
        assert "alert" in str(page)


class TestATag:
    def test_never_says_by_colour_alone(self):
        for kind in ("plain", "now", "ok", "warn", "bad", "locked", "level2"):
            assert said(drawn(f'{{% tag "Accepted" "{kind}" %}}').span) == "Accepted"


class TestProgress:
    def test_is_in_words_before_it_is_a_bar(self):
        page = drawn("{% progress 3 7 %}", language="fr-ca")
        assert said(page.p) == "Étapes terminées : 3 sur 7"
        assert (page.progress["value"], page.progress["max"]) == ("3", "7")
        assert page.progress["aria-label"] == "Étapes terminées\u00a0: 3 sur 7"

    def test_of_nothing_has_a_bar_that_a_browser_accepts(self):
        assert drawn("{% progress 0 0 %}").progress["max"] == "1"


class TestATask:
    @pytest.mark.parametrize(
        ("state", "status"),
        [("done", "Completed"), ("now", "In progress"), ("todo", "To do"), ("locked", "Locked")],
    )
    def test_says_its_state_in_words(self, state, status):
        page = drawn(f'{{% task "Quiz" "{state}" url="/quiz/" %}}{{% endtask %}}')
        assert said(page.select_one(".tag")) == status

    def test_without_address_is_no_link(self):
        page = drawn('{% task "Quiz" "locked" %}Opens later.{% endtask %}')
        assert page.a is None
        assert said(page.select_one(".hint")) == "Opens later."


class TestALinkToChange:
    def test_says_what_it_changes(self):
        page = drawn('{% summary_row "School" change="/x/" %}École{% endsummary_row %}')
        assert said(page.a) == "Change School"


class TestATable:
    def test_names_each_cell_for_the_card_of_a_phone(self):
        page = drawn("{% data_table 'Hours' headers rows %}", headers=["Level", "Hours"], rows=[["Explorer", "3 h"]])
        assert page.caption.get_text() == "Hours"
        assert page.select_one("tbody th[scope=row]")["data-label"] == "Level"
        assert page.td["data-label"] == "Hours"

    def test_refuses_a_row_of_another_length(self):
        with pytest.raises(ValueError, match="zip"):
            drawn("{% data_table 'Hours' headers rows %}", headers=["Level"], rows=[["Explorer", "3 h"]])


class TestAnOptionAfterTheAnswer:
    @pytest.mark.parametrize(
        ("right", "chosen", "words"),
        [
            (True, True, "Right Your answer Listen Because."),
            (True, False, "Right Listen Because."),
            (False, True, "Not this one Your answer Listen Because."),
            (False, False, "Not this one Listen Because."),
        ],
    )
    def test_says_whether_it_is_right_and_chosen_then_why(self, right, chosen, words):
        source = "{% answer 'Listen' is_right=right is_chosen=chosen %}Because.{% endanswer %}"
        assert said(drawn(source, right=right, chosen=chosen)) == words


class TestAButton:
    def test_that_leads_on_has_its_arrow_after_the_word(self):
        link = drawn('{% button_link "Continue" "/next/" icon="next" %}').a
        assert [child.name for child in link.children] == [None, "svg"]

    def test_that_posts_carries_the_seal(self, rf):
        page = drawn('{% post_button "Claim" "/claim/" %}', request=rf.get("/"))
        assert page.form["method"] == "post"
        assert len(page.input["value"]) == 64


class TestAField:
    def test_ties_its_label_hint_and_errors_to_the_control(self):
        page = drawn("{% field form.name %}", form=SampleForm({}))
        control = page.input
        assert page.label["for"] == control["id"]
        assert [said(page.find(id=own)) for own in control["aria-describedby"].split()] == [
            "With its accents.",
            "Error: This field is required.",
        ]
        assert control["aria-invalid"] == "true"

    def test_without_hint_or_error_describes_nothing(self):
        control = drawn("{% field form.school %}", form=SampleForm()).find("select")
        assert "aria-describedby" not in control.attrs
        assert "aria-invalid" not in control.attrs

    @pytest.mark.parametrize(("name", "type_"), [("level", "radio"), ("steps", "checkbox")])
    def test_of_choices_is_a_group_of_cards(self, name, type_):
        page = drawn(f"{{% field form.{name} %}}", form=SampleForm())
        assert page.fieldset.legend.get_text() == name.title()
        assert [one["type"] for one in page.select("input")] == [type_, type_]
        assert [page.find("label", {"for": one["id"]}) is not None for one in page.select("input")] == [True, True]

    def test_of_choices_keeps_what_was_chosen(self):
        page = drawn("{% field form.level %}", form=SampleForm({"level": "2"}))
        assert [one.has_attr("checked") for one in page.select("input")] == [False, True]

    def test_of_choices_may_have_a_second_line(self):
        page = drawn("{% field form.level %}", form=SampleForm())
        assert [said(label) for label in page.select("label")] == ["Explorer 3 h", "Last"]

    def test_of_long_text_counts_its_words_in_both_numbers(self):
        count = drawn("{% field form.text %}", form=SampleForm(), language="fr-ca").select_one(".count")
        assert (said(count), count["data-one"], count["data-other"]) == ("2 mots", "{count} mot", "{count} mots")

    def test_of_search_is_the_second_step_of_a_page_that_has_another_first(self):
        page = drawn("{% search_box '/' 'Search' look='secondary' %}")
        assert page.select_one("button")["class"] == ["button", "button-secondary"]

    def test_of_one_box_has_its_label_beside(self):
        page = drawn("{% field form.agreed %}", form=SampleForm())
        assert said(page.select_one(".choice label")) == "Agreed"

    def test_that_is_hidden_is_only_itself(self):
        page = drawn("{% field form.secret %}", form=SampleForm())
        assert [tag.name for tag in page.find_all()] == ["input"]


class TestTheErrorsOfAForm:
    def test_lead_to_what_takes_the_focus(self):
        form = SampleForm({})
        summary = drawn("{% error_summary form %}", form=form)
        fields = drawn("{% for one in form %}{% field one %}{% endfor %}", form=form)
        for link in summary.select("a"):
            assert fields.find(id=link["href"].removeprefix("#")).name in {"input", "select", "textarea"}

    def test_name_their_fields(self):
        summary = drawn("{% error_summary form %}", form=SampleForm({}), language="fr-ca")
        assert "Name\xa0: Ce champ est obligatoire." in summary.get_text()

    def test_name_no_field_that_the_sentence_tells_by_itself(self):
        form = QuestionsForm({"second": "x"})
        links = [said(link) for link in drawn("{% error_summary form %}", form=form).select("a")]
        assert links == ["Question 1 has no answer yet.", "This file is too large."]

    def test_name_the_fields_of_a_sentence_that_comes_twice(self):
        form = QuestionsForm({"first": "x", "second": "x"})
        form.add_error("first", "This file is too large.")
        links = [said(link) for link in drawn("{% error_summary form %}", form=form).select("a")]
        assert links == ["1. Why?: This file is too large.", "Or a file: This file is too large."]

    def test_that_concern_the_form_itself_come_too(self):
        form = SampleForm({})
        form.add_error(None, "Both texts changed.")
        assert "Both texts changed." in said(drawn("{% error_summary form %}", form=form))

    def test_are_nothing_when_the_form_is_right_or_new(self):
        assert drawn("{% error_summary form %}", form=SampleForm()).get_text() == ""


class TestAFormThatSavesItself:
    def test_says_where_what_and_which_revision(self):
        form = drawn('<form {% autosave "/save/" "p:e:q" 3 %}></form>').form
        assert form["data-autosave-url"] == "/save/"
        assert (form["data-autosave-key"], form["data-autosave-revision"]) == ("p:e:q", "3")

    def test_keeps_nothing_on_a_shared_computer(self):
        assert drawn('<form {% autosave "/save/" "p:e:q" 3 device=False %}></form>').form["data-autosave-key"] == ""

    def test_says_when_it_was_saved(self):
        page = drawn("{% autosave_status at %}", at=AFTERNOON, language="fr-ca")
        status = page.select_one("[role=status]")
        assert status.get_text() == "Enregistré à 15\xa0h\xa019"

    def test_hides_the_comparison_until_two_texts_differ(self):
        assert drawn("{% autosave_status %}").select_one("[data-conflict]").has_attr("hidden")
