// SPDX-License-Identifier: Apache-2.0
/**
 * How plugins read their configuration, and how they say what is wrong with it; start at
 * {@link org.sextant.api.config.ConfigReader}.
 */
package org.sextant.api.config;
