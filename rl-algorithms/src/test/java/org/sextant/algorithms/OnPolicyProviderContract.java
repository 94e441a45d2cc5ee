// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms;

import java.util.List;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.testkit.ProviderContract;

/** Provider of an algorithm that is made of the shared axes. */
public abstract class OnPolicyProviderContract extends ProviderContract<AlgorithmProvider> {
    /** Keys of estimators and schedules that defaults do not choose. */
    public static final List<String> CHOICES = List.of(
            "credit.align",
            "credit.bootstrap-truncated",
            "credit.branch-every",
            "credit.branch-lambda",
            "credit.branch-samples",
            "credit.gamma",
            "credit.holes",
            "credit.lambda",
            "credit.length-adaptive-lambda",
            "credit.returns-lambda",
            "credit.scale-rewards",
            "credit.unit",
            "credit.weight-epsilon",
            "credit.zero-tail",
            "credit.baseline",
            "credit.scale",
            "credit.ddof",
            "credit.epsilon",
            "credit.single",
            "credit.advantage-limit",
            "credit.penalty",
            "kl.final",
            "kl.horizon",
            "kl.steps",
            "kl.target",
            "value");

    @Override
    protected Class<AlgorithmProvider> kind() {
        return AlgorithmProvider.class;
    }

    @Override
    protected List<String> ofOtherChoices() {
        return CHOICES;
    }
}
