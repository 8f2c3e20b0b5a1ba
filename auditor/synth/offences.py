"""All offences of the made-up county by code, and the two kinds of them that tell honest officers from others."""

from auditor.synth.offence import Offence
from auditor.synth.police_offences import POLICE
from auditor.synth.transport_offences import TRANSPORT

OFFENCES: dict[str, Offence] = {offence.code: offence for offence in (*POLICE, *TRANSPORT)}
EVERYDAY = ("1039", "1344", "1345", "1208", "6011")
"""Common offences that an honest officer seldom fines at the maximum."""
AT_THE_TOP = (("1637", "grave"), ("1603", "grave"), ("1708", "serious"))
"""Offences so serious at their gravest that every officer fines nearly all of them at the maximum."""
