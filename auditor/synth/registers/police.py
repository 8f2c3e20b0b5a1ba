"""The registers that the police and the hotlines keep beside the cases."""

from collections.abc import Sequence

from auditor.synth.agency import Agency
from auditor.synth.planting import Planting
from auditor.synth.registers.alcohol import AlcoholTests, CriminalCases
from auditor.synth.registers.captures import Captures
from auditor.synth.registers.counter import LicenceServices, PointsRecords
from auditor.synth.registers.keeper import Register
from auditor.synth.registers.rosters import Rosters
from auditor.synth.registers.standing import Complaints, Documents, Restrictions


def kept(agency: Agency, seed: int, size: int, planted: Sequence[Planting]) -> tuple[Register, ...]:
    """All of them, for a county of `size` cases."""
    return (
        Captures(agency, seed, size),
        AlcoholTests(agency, seed, size),
        CriminalCases(agency, seed, size),
        PointsRecords(agency, seed, size),
        LicenceServices(agency, seed, size),
        Complaints(agency, seed, size),
        Documents(agency, seed, size),
        Restrictions(agency, seed, size),
        Rosters(agency, seed, planted),
    )
