// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.output;

import org.sextant.api.experience.Domain;

/**
 * Something that a model computes for each token or state of a batch and can take a gradient for: a
 * {@link VocabularyReduction} or a {@link Head}. Equal outputs are computed once, so implementations are records.
 */
public sealed interface Output permits VocabularyReduction, Head {
    /** Name for metrics and messages. */
    String name();

    /** {@link Domain#TOKEN} for what a token's prediction gives, {@link Domain#STATE} for heads. */
    Domain domain();
}
