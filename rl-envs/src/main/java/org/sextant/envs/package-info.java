// SPDX-License-Identifier: Apache-2.0

/**
 * Tasks and environments: procedural generators, data sets and multi-turn worlds.
 */
package org.sextant.envs;
