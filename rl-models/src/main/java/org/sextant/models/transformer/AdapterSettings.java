// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.List;
import java.util.TreeSet;

/**
 * A low-rank adapter (LoRA, Hu et al. 2021, arXiv 2106.09685) in the words of PEFT's {@code adapter_config.json}.
 *
 * @param rank width r of the factors
 * @param alpha the product of the factors is multiplied by alpha / r
 * @param dropout share of a projection's inputs that the adapter does not see while it imitates; reinforcement learning runs without
 * @param targets last words of the names of the adapted modules, {@code q_proj} or {@code self_attn.q_proj}, or {@link #ALL_LINEAR}; unknown ones
 *     are an error; sorted, each once
 * @param rankStabilised multiply by alpha / √r instead (Kalajdzievski 2023, arXiv 2312.03732)
 */
public record AdapterSettings(int rank, double alpha, double dropout, List<String> targets, boolean rankStabilised) {
    /** The targets that mean every projection of every block, in PEFT's words. */
    public static final List<String> ALL_LINEAR = List.of("all-linear");

    public AdapterSettings {
        targets = List.copyOf(new TreeSet<>(targets));
        if (rank < 1 || !(alpha > 0) || !(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("the adapter has rank " + rank + ", alpha " + alpha + " and dropout "
                    + dropout + "; the first two must be above 0, the last from 0 to below 1");
        }
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("the adapter has no target modules");
        }
    }

    /** Whether a module, by its whole name, is adapted. */
    boolean adapts(String module) {
        return targets.equals(ALL_LINEAR) || targets.stream().anyMatch(target -> names(target, module));
    }

    static boolean names(String target, String module) {
        return module.equals(target) || module.endsWith("." + target);
    }

    /** What the product of the factors is multiplied by. */
    public double scale() {
        return alpha / (rankStabilised ? Math.sqrt(rank) : rank);
    }
}
