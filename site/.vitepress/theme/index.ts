import DefaultTheme from 'vitepress/theme';
import Calculator from './calculator.vue';

export default {
  extends: DefaultTheme,
  enhanceApp: ({ app }: { app: { component(name: string, component: unknown): unknown } }) =>
    app.component('Calculator', Calculator),
};
