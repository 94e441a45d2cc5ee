// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.environment;

import org.sextant.api.config.Provider;

/** Makes a {@link Task} from its block {@code task { name = …, … }}. */
public interface TaskProvider extends Provider<Task> {}
