"""All that changes what may be done with a patient's data (知情同意操作)."""

from xinqiao.privacy.operations.consenting import GuardianNeeded, give_consent, withdraw_consent
from xinqiao.privacy.operations.erasing import erase_patient, restrict_patient

__all__ = ["GuardianNeeded", "erase_patient", "give_consent", "restrict_patient", "withdraw_consent"]
