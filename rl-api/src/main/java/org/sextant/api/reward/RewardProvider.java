// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.reward;

import org.sextant.api.config.Provider;

/** Makes a {@link RewardFunction} from its block {@code reward { name = …, … }}. */
public interface RewardProvider extends Provider<RewardFunction> {}
