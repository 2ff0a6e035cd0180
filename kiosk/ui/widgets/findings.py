"""What a test found, a row each: a sign, what it is about, what was found, and what to do about it."""

from kivy.properties import ListProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

import kiosk.ui.widgets.icon  # noqa: F401 its kv class is used in ours
from kiosk.ui.kv import load_beside


class FindingRow(BoxLayout):
    """level: ok, warn or bad, or going while it is looked at. about, said, mend: as of a `kiosk.findings.Finding`."""

    level = StringProperty("going")
    about = StringProperty()
    said = StringProperty()
    mend = StringProperty()


class Findings(BoxLayout):
    """findings: each a `kiosk.findings.Finding`."""

    findings = ListProperty()

    def on_findings(self, *_: object) -> None:
        if len(self.children) > len(self.findings):
            self.clear_widgets()
        for _place in range(len(self.findings) - len(self.children)):
            self.add_widget(FindingRow())
        for row, finding in zip(reversed(self.children), self.findings, strict=True):
            row.level, row.about, row.said, row.mend = finding.level.value, finding.about, finding.said, finding.mend


load_beside(__file__)
