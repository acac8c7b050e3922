// [data-consent-follow="7"] (agreed to these words) or ="" (taken back): what was just decided for the account holds on this phone too.
import { agreedNow, takenBack } from "./measure.js";

export const start = (said) => (said.dataset.consentFollow ? agreedNow(Number(said.dataset.consentFollow)) : takenBack());
