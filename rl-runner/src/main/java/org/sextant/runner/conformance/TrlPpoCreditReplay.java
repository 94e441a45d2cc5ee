// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.sextant.algorithms.credit.Credit;
import org.sextant.algorithms.credit.GaeCredit;
import org.sextant.algorithms.credit.Holes;
import org.sextant.algorithms.credit.TokenRewards;
import org.sextant.algorithms.credit.Whitening;
import org.sextant.algorithms.credit.Whitening.EpsilonAt;
import org.sextant.algorithms.credit.Whitening.Scope;
import org.sextant.algorithms.kl.Kl;
import org.sextant.algorithms.kl.Kl.Estimator;
import org.sextant.algorithms.kl.Kl.Placement;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

/**
 * TRL's PPO, from log-probabilities to advantages. Its answers have one action more than tokens: the score is paid at
 * the token after the last one, where there is one, and that token has a value. So credit is over the longer mask and
 * whitening over the shorter. The source whitens with a float32 factor n/(n − 1).
 */
final class TrlPpoCreditReplay implements Replay {
    private static final Whitening WHITENING = new Whitening(Scope.TOKENS, 1, true, true, 1e-8, EpsilonAt.VARIANCE, 0);

    @Override
    public void replay(Case given, Check check, Engine engine) {
        Values values = given.values("values", 2);
        Layout layout = Padded.layout(values);
        int[] last = given.values("last_token_index", 1).ints();
        boolean[] tokens = upTo(last, 0, layout);
        boolean[] actions = upTo(last, 1, layout);
        double[] kl = kl(given, tokens);
        double coefficient = given.hyper("kl_coef");
        double[] penalty =
                Arrays.stream(kl).map(estimate -> coefficient * estimate).toArray();
        CreditRows rows = CreditRows.of(
                        layout, actions, given.values("scores", 1).flat())
                .withValues(values)
                .penalised(penalty);
        check.value("padding_mask", inside(not(tokens), null));
        check.value("padding_mask_p1", inside(not(actions), null));
        check.value("masked_values", inside(actions, values.flat()));
        check.value("kl", kl);
        check.value(
                "non_score_reward", Arrays.stream(penalty).map(taken -> -taken).toArray());
        boolean scaled = given.hyperFlag("whiten_rewards", false);
        Tolerance tolerance = scaled ? Tolerance.LOGGED : Tolerance.DOUBLE;
        check.value("rewards", TokenRewards.of(rows.signal(), rows.batch(), scaled), null, tolerance);
        Columns found =
                rows.credit(Credit.of(GaeCredit.of(given.hyper("gamma"), given.hyper("lambda"), Holes.ZERO, scaled)));
        check.value("returns", found.get(Standard.RETURNS), null, tolerance);
        check.value("advantages", WHITENING.apply(found.get(Standard.ADVANTAGES), tokens), null, Tolerance.LOGGED);
    }

    /** Both log-probabilities are the same number at padding, whichever it is, so there is no KL. */
    private static double[] kl(Case given, boolean[] tokens) {
        given.without("hyper.invalid_logprob");
        Estimator estimator = Estimator.valueOf(given.hyperText("kl_estimator").toUpperCase(Locale.ROOT));
        double[] logp = inside(tokens, given.values("logprobs", 2).flat());
        double[] refLogp = inside(tokens, given.values("ref_logprobs", 2).flat());
        return Kl.of(1, Placement.REWARD, estimator).estimate(logp, refLogp);
    }

    private static boolean[] upTo(int[] last, int more, Layout layout) {
        boolean[] mask = new boolean[layout.tokens()];
        for (int row = 0; row < last.length; row++) {
            for (int t = layout.start(row); t < layout.end(row); t++) {
                mask[t] = t - layout.start(row) <= last[row] + more;
            }
        }
        return mask;
    }

    private static boolean[] not(boolean[] mask) {
        boolean[] not = new boolean[mask.length];
        IntStream.range(0, mask.length).forEach(i -> not[i] = !mask[i]);
        return not;
    }

    /** The numbers (1 if null) where the mask holds, 0 elsewhere. */
    private static double[] inside(boolean[] mask, double[] numbers) {
        return IntStream.range(0, mask.length)
                .mapToDouble(i -> !mask[i] ? 0 : numbers == null ? 1 : numbers[i])
                .toArray();
    }
}
