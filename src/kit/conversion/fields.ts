import type { JsonObject } from '../../core/json.ts';

/**
 * What building a conversion reads of an action's fields, spelled as the fields are. The definitions, with labels,
 * checks and defaults, are in actions/fields/; tsc holds the two together where an action passes its fields on.
 */
export interface ConversionFields extends EventFields, UserDataFields, CustomDataFields {
  readonly app_data?: AppDataFields;
  readonly custom_data?: JsonObject;
  readonly extra?: JsonObject;
}

export interface EventFields {
  readonly event_name: string;
  /** As it was mapped. */
  readonly event_time?: unknown;
  readonly event_id?: string;
  readonly action_source?: string;
  readonly event_source_url?: string;
  readonly referrer_url?: string;
  readonly opt_out?: boolean;
  readonly data_processing_options?: readonly string[];
  readonly data_processing_options_country?: number;
  readonly data_processing_options_state?: number;
  readonly customer_segmentation?: string;
  readonly messaging_channel?: string;
  readonly original_event_data?: OriginalEventFields;
  readonly attribution_data?: JsonObject;
  readonly test_event_code?: string;
}

export interface OriginalEventFields {
  readonly event_name?: string;
  /** Unix milliseconds. */
  readonly event_time?: number;
  readonly order_id?: string;
  readonly event_id?: string;
}

type Texts = readonly string[];

export interface UserDataFields {
  readonly em?: Texts;
  readonly ph?: Texts;
  readonly fn?: Texts;
  readonly ln?: Texts;
  readonly name?: string;
  readonly ge?: Texts;
  readonly db?: readonly (string | JsonObject)[];
  readonly ct?: Texts;
  readonly st?: Texts;
  readonly zp?: Texts;
  readonly country?: Texts;
  readonly external_id?: Texts;
  readonly fi?: string;
  readonly doby?: string;
  readonly dobm?: string;
  readonly dobd?: string;
  readonly client_ip_address?: string;
  readonly client_user_agent?: string;
  readonly fbc?: string;
  readonly fbclid?: string;
  readonly fbp?: string;
  readonly subscription_id?: string;
  readonly fb_login_id?: string;
  readonly lead_id?: string;
  readonly anon_id?: string;
  readonly madid?: string;
  readonly page_id?: string;
  readonly page_scoped_user_id?: string;
  readonly ctwa_clid?: string;
  readonly ig_account_id?: string;
  readonly ig_sid?: string;
  readonly whatsapp_business_account_id?: string;
  readonly partner_id?: string;
  readonly partner_name?: string;
}

/** One item of `contents`, with members that Meta knows only. */
export interface ContentItem {
  readonly id: string;
  readonly quantity?: number;
  readonly item_price?: number;
}

export interface CustomDataFields {
  readonly value?: number;
  readonly currency?: string;
  readonly content_ids?: Texts;
  readonly contents?: readonly ContentItem[];
  readonly content_type?: string;
  readonly content_name?: string;
  readonly content_category?: string;
  readonly num_items?: number;
  readonly order_id?: string;
  readonly search_string?: string;
  readonly status?: string;
  readonly predicted_ltv?: number;
  readonly net_revenue?: number;
  readonly delivery_category?: string;
  readonly item_number?: string;
  readonly lead_event_source?: string;
  readonly event_source?: string;
  readonly product_catalog_id?: string;
  readonly store_page_id?: string;
  readonly brand_page_id?: string;
  readonly store_code?: string;
}

export interface AppDataFields {
  readonly advertiser_tracking_enabled?: boolean | number;
  readonly application_tracking_enabled?: boolean | number;
  /** All sixteen slots as Meta lists them; else they are built from the members below. */
  readonly extinfo?: Texts;
  readonly version?: string;
  readonly package_name?: string;
  readonly short_version?: string;
  readonly long_version?: string;
  readonly os_version?: string;
  readonly model?: string;
  readonly locale?: string;
  readonly timezone_abbreviation?: string;
  readonly carrier?: string;
  readonly screen_width?: string;
  readonly screen_height?: string;
  readonly screen_density?: string;
  readonly cpu_cores?: string;
  readonly storage_size?: string;
  readonly free_storage?: string;
  readonly timezone?: string;
  readonly campaign_ids?: string;
  readonly install_referrer?: string;
  readonly installer_package?: string;
  readonly url_schemes?: Texts;
  readonly vendor_id?: string;
  readonly windows_attribution_id?: string;
}
