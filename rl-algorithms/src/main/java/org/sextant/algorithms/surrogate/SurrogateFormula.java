// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.surrogate;

import static org.sextant.api.algorithm.Explanation.number;

import java.util.Optional;

/** A {@link Surrogate} and its weights as formulas, with their settings in their places. */
public final class SurrogateFormula {
    private SurrogateFormula() {}

    /** The loss l of a token or answer. */
    public static String loss(Surrogate surrogate) {
        String low = number(1 - surrogate.clipLow());
        String high = number(1 + surrogate.clipHigh());
        return switch (surrogate.kind()) {
            case CLIP -> clipped(surrogate, low, high);
            case SAPO ->
                "l = −4/τ σ(τ (ρ − 1)) A, τ = " + number(surrogate.gate().positive()) + " where A > 0, else "
                        + number(surrogate.gate().negative());
            case REINFORCE -> "l = −A " + logProbability(surrogate);
            case CISPO -> "l = −sg(clip(ρ, " + low + ", " + high + ")) A log π of the token; sg: no gradient";
        };
    }

    private static String clipped(Surrogate surrogate, String low, String high) {
        String bounded = surrogate.delta().map(d -> "min(ρ, " + number(d) + ")").orElse("ρ");
        String loss = "−min(" + bounded + " A, clip(ρ, " + low + ", " + high + ") A)";
        return surrogate
                .dualClip()
                .map(c -> "l = " + loss + "; where A < 0 at most −" + number(c) + " A")
                .orElse("l = " + loss);
    }

    private static String logProbability(Surrogate surrogate) {
        return switch (surrogate.level()) {
            case TOKEN, SEQUENCE_MEAN_TOKEN_GRADIENT -> "log π of the token";
            case SEQUENCE_PRODUCT -> "log π of the whole answer";
            case SEQUENCE_MEAN -> "log π of the whole answer / its length";
        };
    }

    /** The ratio ρ, if the loss has one. */
    public static Optional<String> ratio(Surrogate surrogate) {
        if (surrogate.kind() == Surrogate.Kind.REINFORCE) {
            return Optional.empty();
        }
        String ratio = switch (surrogate.level()) {
            case TOKEN -> "ρ = π/π_old of the token";
            case SEQUENCE_PRODUCT -> "ρ = π/π_old of the whole answer";
            case SEQUENCE_MEAN -> "ρ = (π/π_old of the whole answer)^(1/length)";
            case SEQUENCE_MEAN_TOKEN_GRADIENT ->
                "ρ = (π/π_old of the whole answer)^(1/length), with the gradient of the token's own log π";
        };
        return Optional.of(ratio
                + surrogate
                        .logRatioClamp()
                        .map(c -> ", |log ρ| at most " + number(c))
                        .orElse(""));
    }

    /** The weight that a loss is multiplied by. */
    public static String correction(OffPolicyCorrection correction) {
        String weight = "w = π_old/π_sampled of the "
                + (correction.level() == OffPolicyCorrection.Level.TOKEN ? "token" : "whole answer");
        String low = number(correction.low());
        String high = number(correction.high());
        return switch (correction.kind()) {
            case OFF -> "none";
            case TRUNCATE -> "l ← clip(w, " + low + ", " + high + ") l, " + weight;
            case MASK -> "l ← w l where " + low + " ≤ w ≤ " + high + ", else 0; " + weight;
        };
    }
}
