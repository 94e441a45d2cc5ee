// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Optional;
import org.sextant.algorithms.aggregation.Aggregation;
import org.sextant.algorithms.aggregation.Aggregation.Kind;
import org.sextant.algorithms.credit.Advantages;
import org.sextant.algorithms.credit.AnswerCredit;
import org.sextant.algorithms.credit.Credit;
import org.sextant.algorithms.credit.GroupCredit;
import org.sextant.algorithms.credit.GroupCredit.Baseline;
import org.sextant.algorithms.credit.GroupCredit.Scale;
import org.sextant.algorithms.credit.GroupCredit.Single;
import org.sextant.algorithms.onpolicy.OnPolicyConfig;
import org.sextant.algorithms.rloo.Rloo;
import org.sextant.algorithms.surrogate.Surrogate;
import org.sextant.algorithms.surrogate.Surrogate.Level;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

/** TRL's RLOO loss: the clipped ratio of whole answers. */
final class TrlRlooLossReplay implements Replay {
    private static final Credit CREDIT =
            Credit.of(AnswerCredit.of(new GroupCredit(Baseline.LEAVE_ONE_OUT, Scale.NONE, 1, 0, Single.ZERO)));

    @Override
    public void replay(Case given, Check check, Engine engine) {
        double[] logp = given.values("per_token_logps", 2).flat();
        Values completion = given.values("completion_mask", 2);
        boolean[] mask = completion.flags();
        Layout layout = Padded.layout(completion);
        double[] advantages = given.values("advantages", 1).flat();
        Experience batch = Padded.batch(layout, mask)
                .with(Standard.OLD_LOGP, spread(given.values("old_logps", 1).flat(), layout, mask))
                .with(Advantages.BY_ROW, advantages)
                .with(Standard.ADVANTAGES, Advantages.toTokens(advantages, layout, mask));
        double low = given.hyper("epsilon_low", 0.2);
        Surrogate surrogate = Surrogate.clip(Level.SEQUENCE_PRODUCT, low, given.hyper("epsilon_high", low));
        Rloo rloo =
                new Rloo(OnPolicyConfig.of(2, CREDIT, surrogate).with(new Aggregation(Kind.SEQUENCE_MEAN, 1, true, 0)));
        Objectives.Outcome found = Objectives.evaluate(rloo, batch, logp, Optional.empty());
        check.value("loss", found.loss());
        check.gradient("grad_per_token_logps", found.logProbGradient(), mask);
        found.checkClipRatios(check, Objectives.nonEmptyShare(layout, mask));
    }

    /** Log-probabilities of whole answers on their first tokens: only the sum over an answer is read. */
    private static double[] spread(double[] rows, Layout layout, boolean[] mask) {
        double[] tokens = new double[layout.tokens()];
        for (int row = 0; row < rows.length; row++) {
            int first = layout.start(row);
            while (first < layout.end(row) && !mask[first]) {
                first++;
            }
            if (first < layout.end(row)) {
                tokens[first] = rows[row];
            }
        }
        return tokens;
    }
}
