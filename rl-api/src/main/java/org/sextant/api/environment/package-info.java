// SPDX-License-Identifier: Apache-2.0
/** Where questions come from and how a world answers the policy. */
package org.sextant.api.environment;
