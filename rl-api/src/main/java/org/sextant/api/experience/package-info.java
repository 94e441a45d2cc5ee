// SPDX-License-Identifier: Apache-2.0
/**
 * What a batch is: flat tokens with row offsets ({@link org.sextant.api.experience.Layout}) and typed columns over
 * rows, tokens and states. Start at {@link org.sextant.api.experience.Experience}; the columns that everybody knows are
 * in {@link org.sextant.api.experience.Standard}.
 *
 * <p>Two rows, of 3 and of 2 tokens; the prompt of each is its first token. There is no padding, and there is one
 * alignment: a TOKEN column says at {@code t} what concerns the prediction of token {@code y_t}, a STATE column what
 * concerns the state {@code s_t} that it was made in.
 *
 * <pre>
 * row              0        0        0                 1        1
 * tokens           y0       y1       y2                y0       y1
 * response_mask    false    true     true              false    true
 * old_logp         0        log π(y1|s1) log π(y2|s2)  0        log π(y1|s1)
 * values           V(s0)    V(s1)    V(s2)    V(s3)    V(s0)    V(s1)    V(s2)
 * reward           1                                   0
 * </pre>
 *
 * <p>Statistics go through {@link org.sextant.api.experience.Masked}, so that nothing outside a mask leaks into a
 * number.
 */
package org.sextant.api.experience;
