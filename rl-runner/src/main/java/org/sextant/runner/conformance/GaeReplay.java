// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import org.sextant.algorithms.credit.Credit;
import org.sextant.algorithms.credit.GaeCredit;
import org.sextant.algorithms.credit.Holes;
import org.sextant.algorithms.credit.Whitening;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Standard;

/**
 * Generalised advantage estimation from rewards by token.
 *
 * @param rewards field of the rewards
 * @param mask field of the mask
 * @param holes what becomes of tokens inside an answer that are not in the mask
 * @param whitening of the advantages, or none
 */
record GaeReplay(String rewards, String mask, Holes holes, Whitening whitening) implements Replay {
    @Override
    public void replay(Case given, Check check, Engine engine) {
        CreditRows rows = CreditRows.byToken(given, rewards, mask).withValues(given.values("values", 2));
        GaeCredit gae = GaeCredit.of(given.hyper("gamma"), given.hyper("lambda"), holes, false);
        Columns found = rows.credit(Credit.of(gae, whitening));
        check.value("advantages", found.get(Standard.ADVANTAGES), rows.mask());
        check.value("returns", found.get(Standard.RETURNS), rows.mask());
        if (given.has("raw_advantages")) {
            check.value("raw_advantages", rows.credit(Credit.of(gae)).get(Standard.ADVANTAGES), rows.mask());
        }
    }
}
