// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.remax;

import org.sextant.algorithms.onpolicy.OnPolicy;
import org.sextant.algorithms.onpolicy.OnPolicyConfig;

/**
 * ReMax (Li et al., arXiv 2310.10505): REINFORCE whose baseline is the reward of the greedy answer to the same question. With answer y, greedy answer y* and
 * {@code r_t = −β log(π_old/π_ref)_t}, to which the last token adds r(y):
 *
 * <pre>
 * A_t = Σ_{s≥t} r_s − r(y*)                                     as verl computes it
 * A_t = γ^{T−t} clip(r(y) − r(y*), ±c) − β log(π_old/π_ref)_t   the authors' code: the KL of a token is its own alone
 * L   = −mean_t A_t log π(y_t)
 * </pre>
 *
 * No ratio and no critic; one greedy answer for each question, which is counted in what the run costs. The default is verl's; {@code
 * conf/algorithms/remax-authors.conf} has the other.
 */
public final class Remax extends OnPolicy {
    public Remax(OnPolicyConfig config) {
        super(config);
    }
}
