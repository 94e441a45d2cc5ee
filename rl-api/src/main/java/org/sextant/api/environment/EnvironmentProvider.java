// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.environment;

import org.sextant.api.config.Provider;

/** Makes an {@link Environment} from its block {@code environment { name = …, … }}. */
public interface EnvironmentProvider extends Provider<Environment> {}
