import { type Language, languageFor, LANGUAGES } from '@/lib/i18n/languages';

export interface Words {
  tapToJoin: string;
  play: string;
  mute: string;
  /** Nothing in this frame can play the song; the station's page can. */
  notHere: string;
  gone: string;
  silent: string;
  unreachable: string;
  /** Opens in a window of its own. */
  open: string;
}

/** The few words of the small player, kept apart from the app's: a frame must not load those to say eight things. */
const WORDS: Record<Language, Words> = {
  en: {
    tapToJoin: 'Tap to join',
    play: 'Play',
    mute: 'Mute',
    notHere: 'This one plays on the station’s own page.',
    gone: 'This is no longer at the station.',
    silent: 'Nothing is on air just now.',
    unreachable: 'The station cannot be reached. Trying again.',
    open: 'Open PopRadio in a new window',
  },
  es: {
    tapToJoin: 'Toca para unirte',
    play: 'Reproducir',
    mute: 'Silenciar',
    notHere: 'Esta se reproduce en la página de la emisora.',
    gone: 'Esto ya no está en la emisora.',
    silent: 'Ahora mismo no suena nada.',
    unreachable: 'No se puede contactar con la emisora. Reintentando.',
    open: 'Abrir PopRadio en una ventana nueva',
  },
  fr: {
    tapToJoin: 'Touche pour écouter',
    play: 'Lire',
    mute: 'Couper le son',
    notHere: 'Ce titre se lit sur la page de la station.',
    gone: 'La station n’a plus cela.',
    silent: 'Rien à l’antenne pour l’instant.',
    unreachable: 'La station est injoignable. Nouvel essai.',
    open: 'Ouvrir PopRadio dans une nouvelle fenêtre',
  },
  de: {
    tapToJoin: 'Tippen und dabei sein',
    play: 'Abspielen',
    mute: 'Stumm',
    notHere: 'Dieses Stück läuft auf der Seite des Senders.',
    gone: 'Das gibt es beim Sender nicht mehr.',
    silent: 'Gerade ist nichts auf Sendung.',
    unreachable: 'Der Sender ist nicht zu erreichen. Neuer Versuch läuft.',
    open: 'PopRadio in einem neuen Fenster öffnen',
  },
  ja: {
    tapToJoin: 'タップして参加',
    play: '再生',
    mute: 'ミュート',
    notHere: 'この曲は放送局のページで再生できます。',
    gone: 'もう放送局にありません。',
    silent: 'いまは何も放送していません。',
    unreachable: '放送局につながりません。再試行中です。',
    open: 'PopRadio を新しいウィンドウで開く',
  },
  ar: {
    tapToJoin: 'اضغط للانضمام',
    play: 'تشغيل',
    mute: 'كتم الصوت',
    notHere: 'تُشغَّل هذه الأغنية في صفحة المحطة.',
    gone: 'لم يعد هذا موجودًا في المحطة.',
    silent: 'لا شيء على الهواء الآن.',
    unreachable: 'تعذّر الوصول إلى المحطة. تجري إعادة المحاولة.',
    open: 'افتح PopRadio في نافذة جديدة',
  },
};

/** In the first of the visitor's languages that we speak; the page is told which one, and which way it runs. */
export function speak(preferred: readonly string[], root: HTMLElement): Words {
  const language = languageFor(preferred);
  root.lang = language;
  root.dir = LANGUAGES[language].dir;
  return WORDS[language];
}
