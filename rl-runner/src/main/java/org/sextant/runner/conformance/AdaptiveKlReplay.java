// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import org.sextant.algorithms.kl.KlCoefficient;

/** The KL coefficient that follows what is observed, from step to step. */
final class AdaptiveKlReplay implements Replay {
    @Override
    public void replay(Case given, Check check, Engine engine) {
        KlCoefficient coefficient =
                KlCoefficient.adaptive(given.hyper("init_kl_coef"), given.hyper("target_kl"), given.hyper("horizon"));
        double[] after = given.values("observed_kl", 1).flat();
        for (int step = 0; step < after.length; step++) {
            coefficient.observe(after[step], (int) given.hyper("n_steps"));
            coefficient.begin();
            after[step] = coefficient.now();
        }
        check.value("kl_coef_after_each_update", after);
    }
}
